"""bargain"""
