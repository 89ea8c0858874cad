package org.legosim.timing.trace;

/** The static instructions that accesses come from, in columns. */
public interface Sites {
  /** Site index of an access whose instruction is not known. */
  int UNKNOWN = -1;

  /** No register: none read, none defined, or not recorded. */
  int NO_REGISTER = -1;

  Sites NONE = new Sites() {
    @Override
    public long programCounter(int site) {
      return 0;
    }

    @Override
    public int addressRegisters(int site) {
      return 0;
    }

    @Override
    public int definedRegister(int site) {
      return NO_REGISTER;
    }
  };

  /** Full virtual address of the instruction. */
  long programCounter(int site);

  /** Bit set of the general registers (bit n = register n) that form the address. */
  int addressRegisters(int site);

  /** General register that a load defines, or {@link #NO_REGISTER}. */
  int definedRegister(int site);
}
