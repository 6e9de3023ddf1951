"""HTTP at the door: headers, hosts, rate limits, problems, bytes no database keeps."""
