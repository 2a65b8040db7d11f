"""The reference city server: takes in what desks send, judges it by the desks' own rules, and hands it on in order."""
