import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { buildAside } from './build-aside.ts';

/** Where `npm start` serves the API while pages are developed with `npm run dev`. */
const api = 'http://127.0.0.1:4000';

export default defineConfig({
  plugins: [react(), buildAside('dist')],
  build: {
    target: 'es2023',
    sourcemap: false,
    // Monaco's TypeScript worker is 7 MB by itself and loads only when a script is edited.
    chunkSizeWarningLimit: 8000,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|react-router|scheduler)[\\/]/, priority: 30 },
            { name: 'mantine', test: /node_modules[\\/](@mantine|@floating-ui)[\\/]/, priority: 20 },
            { name: 'canvas', test: /node_modules[\\/](@xyflow|@dagrejs|d3-[a-z]+)[\\/]/, priority: 20 },
          ],
        },
      },
    },
  },
  server: { host: '127.0.0.1', port: 5173, proxy: { '/api': { target: api, changeOrigin: false } } },
});
