"""Staff tools: roster, pauses, alerts, handoffs, shadow mode and watchdogs."""
