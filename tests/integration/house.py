"""A running front door with its worker, as tests see it."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import grpc

from aweigh.proto.v1 import front_door_pb2, front_door_pb2_grpc


@dataclass(frozen=True)
class House:
    address: str
    environment: dict[str, str]
    directory: Path

    def plain(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """``python ARGUMENTS`` without us."""
        return self._run([sys.executable, *arguments])

    def offloaded(self, *arguments: str, options: tuple[str, ...] = ("--strict",)) -> subprocess.CompletedProcess[str]:
        """``aweigh run OPTIONS ARGUMENTS`` on this engine."""
        command = [sys.executable, "-m", "aweigh.serverless.cli", "run", "--engine", self.address]
        return self._run([*command, *options, *arguments])

    def status(self) -> front_door_pb2.StatusResponse:
        with grpc.insecure_channel(self.address) as channel:
            answer: front_door_pb2.StatusResponse = front_door_pb2_grpc.FrontDoorStub(channel).Status(
                front_door_pb2.StatusRequest()
            )
        return answer

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, capture_output=True, text=True, timeout=280, env=self.environment, check=False)
