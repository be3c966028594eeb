"""Programs of this machine that we run and that end with us: a supervisor, Node.js, and what npm brings."""
