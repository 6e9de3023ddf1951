"""What an import finds on file: persons recognised, merged by rule, never widened."""
