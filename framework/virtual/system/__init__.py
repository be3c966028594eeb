"""What a handset's kernel gives to programs: files, processes, pipes, ports."""
