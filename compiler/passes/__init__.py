"""One rewrite a file. Valid IR in, valid IR out; the pipeline runs the verifier between."""
