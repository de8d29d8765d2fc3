int plugboard_connector_entry_v0(void);

int plugboard_connector_entry_v0(void) {
  return 1;
}
