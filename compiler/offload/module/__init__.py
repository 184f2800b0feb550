"""The `module` rung for modules that live in the script's process: calls of ordinary modules, captured by Dynamo, run elsewhere."""
