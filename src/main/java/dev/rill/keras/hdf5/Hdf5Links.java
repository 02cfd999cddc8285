package dev.rill.keras.hdf5;

import java.io.IOException;

/** A group of the new style: links in the group's header, or in a fractal heap when they are many. */
final class Hdf5Links {
  private static final int HARD = 0;
  private static final int WITH_CREATION_ORDER = 1;
  private static final int WITH_ORDER = 4;
  private static final int WITH_TYPE = 8;
  private static final int WITH_CHARACTERS = 16;
  /** A name's hash before its place in the heap. */
  private static final int HASH = 4;

  private Hdf5Links() {}

  /** Reads all members. */
  static void read(Hdf5Bytes file, Hdf5Header header, Hdf5Members members) throws IOException {
    for (Hdf5Cursor message : header.all(Hdf5Header.LINK)) {
      link(message, members);
    }
    if (!header.has(Hdf5Header.LINK_INFO)) {
      return;
    }
    Hdf5Cursor info = header.only(Hdf5Header.LINK_INFO, "link info").version(0, "link info");
    int flags = info.u8();
    long heapAddress = info.skip((flags & WITH_CREATION_ORDER) != 0 ? Long.BYTES : 0).address();
    long names = info.address();
    if (heapAddress == Hdf5Cursor.UNDEFINED) {
      return;
    }
    Hdf5FractalHeap heap = new Hdf5FractalHeap(file, heapAddress, header.path());
    Hdf5BTree.each(file, names, Hdf5BTree.LINKS_BY_NAME, header.path(), new Hdf5BTree.Records() {
      @Override
      public void take(Hdf5Cursor record) throws IOException {
        link(heap.object(record.skip(HASH)), members);
      }
    });
  }

  private static void link(Hdf5Cursor link, Hdf5Members members) {
    int flags = link.version(1, "link").u8();
    int type = (flags & WITH_TYPE) != 0 ? link.u8() : HARD;
    link.skip((flags & WITH_ORDER) != 0 ? Long.BYTES : 0).skip((flags & WITH_CHARACTERS) != 0 ? 1 : 0);
    long length = link.size(1 << (flags & 3));
    String name = link.text((int) Math.min(length, Integer.MAX_VALUE));
    if (type == HARD) {
      members.add(name, link.address(), link);
    } else {
      members.addLink(name, link);
    }
  }
}
