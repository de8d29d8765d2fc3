# plugboard_add_plugin(NAME): to be filled by the SDK
