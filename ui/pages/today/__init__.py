"""今日: what is due, what came back, what waits for me."""
