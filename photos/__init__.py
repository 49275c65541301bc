"""What people upload becomes clean photos: read, made safe, stored. No model; imports nothing of ours."""
