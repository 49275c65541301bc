"""The closed-loop engine: one table of cases, declared states, routing to a person, time limits, escalation, history."""
