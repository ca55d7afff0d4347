import { useEffect } from 'react';
import { documentStore } from '../../document/store.ts';
import { copiedText, pasteText } from './clipboard-actions.ts';
import { removeSelected } from './remove-selected.ts';
import { isTyping } from './shortcuts.ts';

/** The browser's copy, cut and paste events, which need no permission. Marked text on the page is copied as text. */
export function useClipboard(): void {
  useEffect(() => {
    const copy = (event: ClipboardEvent): boolean => {
      if (isTyping(event.target) || !window.getSelection()?.isCollapsed) return false;
      const text = copiedText(documentStore);
      if (!text) return false;
      event.clipboardData?.setData('text/plain', text);
      event.preventDefault();
      return true;
    };
    const cut = (event: ClipboardEvent) => {
      if (copy(event)) removeSelected(documentStore);
    };
    const paste = (event: ClipboardEvent) => {
      if (isTyping(event.target)) return;
      if (pasteText(documentStore, event.clipboardData?.getData('text/plain') ?? '')) event.preventDefault();
    };
    document.addEventListener('copy', copy);
    document.addEventListener('cut', cut);
    document.addEventListener('paste', paste);
    return () => {
      document.removeEventListener('copy', copy);
      document.removeEventListener('cut', cut);
      document.removeEventListener('paste', paste);
    };
  }, []);
}
