"""Allure's HTML report of a run: Allure 3, its classic interface beside it; Allure 2 where only Java is there."""
