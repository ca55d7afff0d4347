import ssh2 from 'ssh2';

/** Protects a private key. */
interface Protection {
  passphrase: string;
  cipher: string;
  rounds: number;
}

/** An ed25519 key pair in OpenSSH form. About one in 200 that ssh2 makes cannot be read back, by itself or by OpenSSH; those are made again. */
export function sshKeyPair(protection?: Protection): { public: string; private: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', protection);
    if (!(ssh2.utils.parseKey(pair.private, protection?.passphrase) instanceof Error)) return pair;
  }
}
