"""What is held about a person, how long, and that person's rights over it (个人信息保护法 44–50)."""
