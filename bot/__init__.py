"""The core of Frontdesk: understands, decides and answers; knows no platform."""
