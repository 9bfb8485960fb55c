import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A control group of the first version with so much memory; none where it cannot be made. */
export function group(bytes) {
    const path = `/sys/fs/cgroup/memory/heapdiff-${process.pid}`;
    try {
        mkdirSync(path);
        writeFileSync(join(path, 'memory.limit_in_bytes'), String(bytes));
        return path;
    } catch {
        return undefined;
    }
}
