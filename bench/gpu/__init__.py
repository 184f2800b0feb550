"""What the kernels and whole steps reach on a card, each beside a limit of the same card that is measured in the same run."""
