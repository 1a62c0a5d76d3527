/**
 * The zip of a TorchScript archive and its pickles, read and written. Start with {@link
 * org.netdissect.torchscript.archive.ArchiveReader} and {@link org.netdissect.torchscript.archive.ArchiveWriter}.
 */
@NullMarked
package org.netdissect.torchscript.archive;

import org.jspecify.annotations.NullMarked;
