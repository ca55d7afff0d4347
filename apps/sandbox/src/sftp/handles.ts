import type { Dir } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

export type OpenHandle = { kind: 'file'; file: FileHandle; appends: boolean } | { kind: 'folder'; folder: Dir; place: string };

/** The open files and folders of one SFTP session, under the 4-byte names that clients know them by. */
export class Handles {
  readonly #open = new Map<number, OpenHandle>();
  #last = 0;

  add(handle: OpenHandle): Buffer {
    const name = Buffer.alloc(4);
    this.#open.set(++this.#last, handle);
    name.writeUInt32BE(this.#last);
    return name;
  }

  file(name: Buffer): Extract<OpenHandle, { kind: 'file' }> {
    const handle = this.#get(name);
    if (handle.kind !== 'file') throw new Error('The handle is a folder');
    return handle;
  }

  folder(name: Buffer): Extract<OpenHandle, { kind: 'folder' }> {
    const handle = this.#get(name);
    if (handle.kind !== 'folder') throw new Error('The handle is a file');
    return handle;
  }

  async close(name: Buffer): Promise<void> {
    const handle = this.#get(name);
    this.#open.delete(name.readUInt32BE());
    await (handle.kind === 'file' ? handle.file : handle.folder).close();
  }

  async closeAll(): Promise<void> {
    const handles = [...this.#open.values()];
    this.#open.clear();
    await Promise.allSettled(handles.map((handle) => (handle.kind === 'file' ? handle.file : handle.folder).close()));
  }

  #get(name: Buffer): OpenHandle {
    const handle = name.length === 4 ? this.#open.get(name.readUInt32BE()) : undefined;
    if (!handle) throw new Error('The handle is not open');
    return handle;
  }
}
