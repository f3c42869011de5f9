"""What a credential is: frozen views of JSON documents, one module per standard; no I/O."""
