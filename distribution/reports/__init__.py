"""What distribution can say: pure functions of querysets that know no file and no address."""
