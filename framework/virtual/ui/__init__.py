"""What the handset shows and how it is touched: the node tree, the screen, its picture, the W3C endpoint."""
