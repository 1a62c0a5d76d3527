package org.netdissect.torchscript.archive;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads attributes of modules and sizes of tensors from a pickle of PyTorch (protocol 2;
 * torch/csrc/jit/serialization/pickler.cpp). No class or function of the pickle is called: objects become dictionaries,
 * tensors become sizes.
 */
final class PickleTree {
    /** Greatest number of values, about 50 bytes each on the heap; the largest tested network has 40,000. */
    private static final int MAX_VALUES = 4_000_000;

    private static final PickleValue MARK = new PickleValue.Global("(");

    private final PickleBytes bytes;
    private final List<PickleValue> stack = new ArrayList<>();
    private final Map<Integer, PickleValue> memo = new HashMap<>();
    private int values;

    private PickleTree(PickleBytes bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads a pickle.
     *
     * @param label names the pickle in errors
     * @throws org.netdissect.base.InputException if it is damaged or has contents that PyTorch does not write
     */
    static PickleValue read(String label, byte[] pickle) {
        PickleTree tree = new PickleTree(new PickleBytes(label, pickle));
        for (int opcode = tree.bytes.unsigned(1); opcode != '.'; opcode = tree.bytes.unsigned(1)) {
            tree.step(opcode);
        }
        return tree.pop();
    }

    private void step(int opcode) {
        switch (opcode) {
            case 0x80 -> bytes.skip(1);
            case 'K' -> number(bytes.unsigned(1));
            case 'M' -> number(bytes.unsigned(2));
            case 'J' -> number(bytes.unsigned(4));
            case 0x8a -> number(bytes.signed(bytes.unsigned(1)));
            case 'G' -> push(new PickleValue.Plain(bytes.real()));
            case 'X' -> push(new PickleValue.Plain(bytes.string(bytes.unsigned(4))));
            case 'c' -> push(new PickleValue.Global(bytes.line() + "." + bytes.line()));
            case 'q' -> memo.put(bytes.unsigned(1), top());
            case 'r' -> memo.put(bytes.unsigned(4), top());
            case 'h' -> push(remembered(bytes.unsigned(1)));
            case 'j' -> push(remembered(bytes.unsigned(4)));
            case 0x88, 0x89 -> push(new PickleValue.Plain(opcode == 0x88));
            case 'N' -> push(new PickleValue.None());
            case '(' -> push(MARK);
            case ')', ']' -> push(new PickleValue.Items());
            case '}' -> push(new PickleValue.Entries());
            // the name of a storage remains a tuple: ("storage", class, key, device, number of elements)
            case 'Q' -> replace(1, top());
            case 0x81 -> replace(2, new PickleValue.Entries());
            case 0x85, 0x86, 0x87 -> tuple(take(opcode - 0x84));
            case 't' -> tuple(takeToMark());
            case 'e' -> append(takeToMark());
            case 'a' -> append(take(1));
            case 'u' -> setItems(takeToMark());
            case 's' -> setItems(take(2));
            case 'b' -> build();
            case 'R' -> reduce();
            default -> throw bytes.damaged("opcode " + opcode + " is none that PyTorch writes");
        }
    }

    private void push(PickleValue value) {
        count(1);
        stack.add(value);
    }

    private void count(int more) {
        values += more;
        if (values > MAX_VALUES) {
            throw bytes.damaged("more than " + MAX_VALUES + " values");
        }
    }

    private void number(long value) {
        push(new PickleValue.Plain(value));
    }

    private PickleValue top() {
        if (stack.isEmpty()) {
            throw bytes.damaged("nothing is on the stack");
        }
        return stack.get(stack.size() - 1);
    }

    private PickleValue pop() {
        PickleValue value = top();
        stack.remove(stack.size() - 1);
        return value;
    }

    private List<PickleValue> take(int count) {
        if (count > stack.size()) {
            throw bytes.damaged("nothing is on the stack");
        }
        List<PickleValue> end = stack.subList(stack.size() - count, stack.size());
        List<PickleValue> taken = List.copyOf(end);
        end.clear();
        return taken;
    }

    private List<PickleValue> takeToMark() {
        int mark = stack.size() - 1;
        while (mark >= 0 && stack.get(mark) != MARK) {
            mark--;
        }
        if (mark < 0) {
            throw bytes.damaged("no mark is on the stack");
        }
        List<PickleValue> taken = take(stack.size() - 1 - mark);
        pop();
        return taken;
    }

    private PickleValue remembered(int slot) {
        PickleValue value = memo.get(slot);
        if (value == null) {
            throw bytes.damaged("nothing was kept in slot " + slot);
        }
        return value;
    }

    private void replace(int count, PickleValue value) {
        take(count);
        push(value);
    }

    private void tuple(List<PickleValue> items) {
        PickleValue.Items tuple = new PickleValue.Items();
        tuple.list().addAll(items);
        push(tuple);
    }

    private void append(List<PickleValue> items) {
        if (top() instanceof PickleValue.Items list) {
            list.list().addAll(items);
        }
    }

    private void setItems(List<PickleValue> items) {
        if (top() instanceof PickleValue.Entries entries) {
            for (int i = 0; i + 1 < items.size(); i += 2) {
                if (items.get(i) instanceof PickleValue.Plain key && key.value() instanceof String name) {
                    entries.map().put(name, items.get(i + 1));
                }
            }
        }
    }

    /** Sets the attributes of an object. */
    private void build() {
        PickleValue state = pop();
        if (top() instanceof PickleValue.Entries object && state instanceof PickleValue.Entries attributes) {
            count(attributes.map().size());
            object.map().putAll(attributes.map());
        }
    }

    /** Replaces a function and its arguments by the value that it would return. */
    private void reduce() {
        List<PickleValue> call = take(2);
        List<PickleValue> args = call.get(1) instanceof PickleValue.Items items ? items.list() : List.of();
        String function = call.get(0) instanceof PickleValue.Global global ? global.name() : "";
        push(
                switch (function) {
                    case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_qtensor" -> tensor(args);
                    case "torch._utils._rebuild_parameter",
                            "torch.jit._pickle.build_intlist",
                            "torch.jit._pickle.build_doublelist",
                            "torch.jit._pickle.build_boollist",
                            "torch.jit._pickle.build_tensorlist",
                            "torch.jit._pickle.restore_type_tag" -> args.isEmpty() ? PickleValue.opaque() : args.get(0);
                    case "collections.OrderedDict" -> new PickleValue.Entries();
                    default -> PickleValue.opaque();
                });
    }

    /** Makes a tensor from storage, offset, sizes and strides; further arguments are ignored. */
    private static PickleValue tensor(List<PickleValue> args) {
        if (args.size() < 3 || !(args.get(2) instanceof PickleValue.Items sizes)) {
            return PickleValue.opaque();
        }
        List<Long> numbers = new ArrayList<>();
        for (PickleValue size : sizes.list()) {
            if (!(size instanceof PickleValue.Plain plain && plain.value() instanceof Long number)) {
                return PickleValue.opaque();
            }
            numbers.add(number);
        }
        if (numbers.isEmpty()
                && args.get(1) instanceof PickleValue.Plain offset
                && offset.value() instanceof Long first) {
            return new PickleValue.ScalarTensor(storage(args.get(0), 1), storage(args.get(0), 2), first);
        }
        return new PickleValue.TensorSizes(List.copyOf(numbers), storage(args.get(0), 1));
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
