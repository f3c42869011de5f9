"""From a document to the bytes that are hashed."""
