int nowhere(void);

int nowhere(void) {
  return 1;
}
