package org.netdissect.weights;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.netdissect.base.InputException;
import org.netdissect.base.Printable;
import org.netdissect.torchscript.archive.ModelFormat;

/**
 * A file of weights without code: a checkpoint of torch.save (of any version since 0.1.11), safetensors, or an index of
 * such files. Numbers are read when they are needed. Nothing that a pickle names is run or constructed.
 */
public final class WeightsFile implements Closeable {
    /** Total size of tensors below which any file is read. */
    private static final long ALWAYS_READ = 1L << 30;

    /** Times the size of the files that their tensors may have: some are in the file once and in the network often. */
    private static final int MOST_GAIN = 20;

    private static final int MAX_NAME = 120;

    private final Path file;
    private final Content content;

    private WeightsFile(Path file, Content content) {
        this.file = file;
        this.content = content;
    }

    /** What formats have in common. */
    private interface Content extends Closeable {
        List<Path> files();

        TensorSet tensors(@Nullable String key) throws IOException;

        default Optional<PickledModule> module(@Nullable String key) {
            return Optional.empty();
        }

        @Override
        default void close() throws IOException {}
    }

    /**
     * Opens a file of any of these formats.
     *
     * @throws InputException if it is damaged, hostile, or of another format
     */
    public static WeightsFile open(Path file) throws IOException {
        return new WeightsFile(file, content(file));
    }

    private static Content content(Path file) throws IOException {
        ModelFormat format = ModelFormat.of(file);
        return switch (format) {
            case ZIP_CHECKPOINT -> {
                OpenZip zip = OpenZip.open(file);
                try {
                    yield new Pickled(ZipCheckpoint.read(file, zip), Optional.of(zip));
                } catch (IOException | RuntimeException e) {
                    zip.close();
                    throw e;
                }
            }
            case LEGACY_CHECKPOINT -> new Pickled(LegacyCheckpoint.read(file), Optional.empty());
            case SAFETENSORS -> new Flat(List.of(file), Safetensors.read(file));
            case SHARD_INDEX -> sharded(file);
            case TORCHSCRIPT, EXPORTED -> throw new InputException(file + ": has the network's code; expected weights");
        };
    }

    private static Content sharded(Path index) throws IOException {
        Map<String, String> shards = ShardIndex.read(index);
        Map<String, TensorSet> sets = new LinkedHashMap<>();
        List<Path> files = new ArrayList<>(List.of(index));
        for (String shard : shards.values()) {
            if (!sets.containsKey(shard)) {
                Path path = index.resolveSibling(shard);
                if (ModelFormat.of(path) == ModelFormat.SHARD_INDEX) {
                    throw new InputException(path + ": is an index in an index; expected weights");
                }
                try (Content content = content(path)) {
                    TensorSet set = content.tensors(null);
                    requireNamed(path, set.tensors().keySet(), shards);
                    requireNamed(path, set.unreadable().keySet(), shards);
                    sets.put(shard, set);
                }
                files.add(path);
            }
        }
        Map<String, StoredTensor> tensors = new LinkedHashMap<>();
        Map<String, String> unreadable = new LinkedHashMap<>();
        shards.forEach((name, shard) -> {
            TensorSet set = Objects.requireNonNull(sets.get(shard));
            StoredTensor tensor = set.tensors().get(name);
            if (tensor != null) {
                tensors.put(name, tensor);
            } else if (set.unreadable().containsKey(name)) {
                unreadable.put(name, set.unreadable().get(name));
            } else {
                throw new InputException(index + ": names a tensor that " + shard + " does not have: "
                        + Printable.brief(Printable.of(name), MAX_NAME));
            }
        });
        return new Flat(List.copyOf(files), TensorSet.of(index, "", tensors, unreadable));
    }

    private static void requireNamed(Path shard, Set<String> names, Map<String, String> index) {
        for (String name : names) {
            if (!index.containsKey(name)) {
                throw new InputException(shard + ": has a tensor " + Printable.brief(Printable.of(name), MAX_NAME)
                        + " that the index does not name");
            }
        }
    }

    /** The file that was opened. */
    public Path file() {
        return file;
    }

    /** All files that hold the weights: the file itself, and those that an index names. */
    public List<Path> files() {
        return content.files();
    }

    /**
     * The tensors of the network. They are looked for at any path: a checkpoint may hold them as {@code state_dict},
     * {@code model} or under any other name; those of optimizers do not count.
     *
     * @param key dotted path, a dot for the top; null if there is only one set of weights
     * @throws InputException if there are no tensors, several sets of them, or damaged ones; if they are far larger
     *     than the file
     */
    public TensorSet tensors(@Nullable String key) throws IOException {
        TensorSet set = content.tensors(key);
        checkTotal(set);
        return set;
    }

    /** Expanded tensors (stride 0) take no room in the file, but all of it in an archive. */
    private void checkTotal(TensorSet set) throws IOException {
        long stored = 0;
        for (Path part : files()) {
            stored += Files.size(part);
        }
        long most = Math.max(ALWAYS_READ, MOST_GAIN * stored);
        long total = 0;
        for (StoredTensor tensor : set.tensors().values()) {
            long bytes = written(tensor);
            if (bytes > most - total) {
                throw new InputException(tensor.label() + ": with it, the tensors have more than " + (most >> 20)
                        + " MiB, far more than the file");
            }
            total += bytes;
        }
    }

    /** Bytes of a tensor in an archive, where narrower numbers become 32 bits wide. */
    private static long written(StoredTensor tensor) {
        try {
            return Math.multiplyExact(
                    tensor.count(), (long) Math.max(Float.BYTES, tensor.type().width()));
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    /**
     * The network, if it was pickled whole, without wrappers for several devices.
     *
     * @param key as for {@link #tensors}
     */
    public Optional<PickledModule> module(@Nullable String key) {
        return content.module(key);
    }

    /** Closes the file; tensors that are read later open it again. */
    @Override
    public void close() throws IOException {
        content.close();
    }

    /** A checkpoint of torch.save. */
    private record Pickled(PickledCheckpoint checkpoint, Optional<OpenZip> zip) implements Content {
        @Override
        public List<Path> files() {
            return List.of(checkpoint.file());
        }

        @Override
        public TensorSet tensors(@Nullable String key) throws IOException {
            StateDicts.Found found = found(key);
            return new Tensors(checkpoint.file(), checkpoint.storages())
                    .set(found.key(), found.entries(checkpoint.file()));
        }

        @Override
        public Optional<PickledModule> module(@Nullable String key) {
            return found(key).module();
        }

        private StateDicts.Found found(@Nullable String key) {
            return new StateDicts(checkpoint.file(), checkpoint.root()).find(key);
        }

        @Override
        public void close() throws IOException {
            if (zip.isPresent()) {
                zip.get().close();
            }
        }
    }

    /** Tensors without a structure. */
    private record Flat(List<Path> files, TensorSet all) implements Content {
        @Override
        public TensorSet tensors(@Nullable String key) {
            if (key != null && !key.equals(".")) {
                throw new InputException(all.file() + ": has no --key " + Printable.of(key)
                        + ", since its tensors are all in one place; leave the option out");
            }
            return all;
        }
    }
}
