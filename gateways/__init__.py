"""Small clients of services outside the house: SMS, WeChat. Each has its address in the settings; none knows a person, a case
or a message of ours."""
