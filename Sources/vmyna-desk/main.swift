import Desk
print("x")
