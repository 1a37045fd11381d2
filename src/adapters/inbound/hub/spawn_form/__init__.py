"""What our form on the hub's spawn page is made of."""
