"""What an account can ask and do: buy, renew, change, pay, certificates."""
