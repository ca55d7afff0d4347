const prefix = 'application/x-idsync-step+';

/** The component's id is part of the media type, which may be read while dragging; the data may not. */
export function startPaletteDrag(transfer: DataTransfer, type: string): void {
  transfer.setData(`${prefix}${type}`, type);
  transfer.effectAllowed = 'copy';
}

export const draggedType = (transfer: DataTransfer): string | undefined =>
  transfer.types.find((type) => type.startsWith(prefix))?.slice(prefix.length);
