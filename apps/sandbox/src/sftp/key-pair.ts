import ssh2 from 'ssh2';

/** An ed25519 key pair in OpenSSH form. About one in 200 that ssh2 makes cannot be read back, by itself or by OpenSSH; those are made again. */
export function makeKeyPair(): { public: string; private: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}
