"""The worker's gRPC service: requests in, the step loop's answers out."""
