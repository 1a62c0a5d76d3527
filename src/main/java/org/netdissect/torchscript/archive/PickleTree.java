package org.netdissect.torchscript.archive;

import java.util.List;
import java.util.Optional;

/**
 * Reads attributes of modules and sizes of tensors from a pickle of TorchScript
 * (torch/csrc/jit/serialization/pickler.cpp): tensors become sizes.
 */
final class PickleTree implements PickleMeaning {
    private PickleTree() {}

    /**
     * Reads a pickle.
     *
     * @param label names the pickle in errors
     * @throws org.netdissect.base.InputException if it is damaged or has contents that PyTorch does not write
     */
    static PickleValue read(String label, byte[] pickle) {
        return PickleMachine.read(new PickleBytes(label, pickle), new PickleTree());
    }

    /** A storage's name remains a tuple: {@code ("storage", class, key, device, number of elements)}. */
    @Override
    public PickleValue persistent(PickleValue id) {
        return id;
    }

    @Override
    public PickleValue reduce(String function, List<PickleValue> args) {
        return switch (function) {
            case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_qtensor" -> tensor(args);
            case "torch._utils._rebuild_parameter",
                    "torch.jit._pickle.build_intlist",
                    "torch.jit._pickle.build_doublelist",
                    "torch.jit._pickle.build_boollist",
                    "torch.jit._pickle.build_tensorlist",
                    "torch.jit._pickle.restore_type_tag" -> args.isEmpty() ? PickleValue.opaque() : args.get(0);
            default -> PickleValue.opaque();
        };
    }

    /** Makes a tensor from storage, offset, sizes and strides; further arguments are ignored. */
    private static PickleValue tensor(List<PickleValue> args) {
        Optional<List<Long>> sizes = args.size() < 3 ? Optional.empty() : PickleValue.wholeNumbers(args.get(2));
        if (sizes.isEmpty()) {
            return PickleValue.opaque();
        }
        if (sizes.get().isEmpty()
                && args.get(1) instanceof PickleValue.Plain offset
                && offset.value() instanceof Long first) {
            return new PickleValue.ScalarTensor(storage(args.get(0), 1), storage(args.get(0), 2), first);
        }
        return new PickleValue.TensorSizes(sizes.get(), storage(args.get(0), 1));
    }

    /** A part of {@code ("storage", class, key, device, number of elements)}; empty if missing. */
    private static String storage(PickleValue tuple, int place) {
        List<PickleValue> items = tuple instanceof PickleValue.Items list ? list.list() : List.of();
        PickleValue part = place < items.size() ? items.get(place) : PickleValue.opaque();
        if (part instanceof PickleValue.Global global) {
            return global.name();
        }
        return part instanceof PickleValue.Plain plain ? plain.value().toString() : "";
    }
}
