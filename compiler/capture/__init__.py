"""Capture: a configuration in, an exported graph of a causal language model in the ragged layout out.

    from aweigh.compiler.capture.capture import capture
    captured = capture(AutoConfig.from_pretrained(directory), torch.float32)

Nothing here is imported with the package: a script's process must not load torch before the script does.
"""
