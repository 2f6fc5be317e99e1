"""Taking in what people bring from elsewhere: their own exports, ChatGPT's and Claude's."""
