/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A decoder of prefixes, opcode maps and ModRM/SIB bytes; see x86_operands.h. It knows the
 * integer instructions that load a general register. Vector loads define no general register,
 * so for them the address part alone matters, and that part is the same in every opcode.
 */
#include "x86_operands.h"

enum { RAX = 0, RCX = 1, RBX = 3, RSP = 4, RBP = 5, RSI = 6, RDI = 7 };
enum { MAP_ONE_BYTE = 0, MAP_0F = 1, MAP_0F38 = 2, MAP_0F3A = 3 };

struct decoder {
  const uint8_t *next;
  const uint8_t *end;
  uint8_t rex;      /* low four bits W R X B, whichever prefix they came from */
  bool has_rex;     /* a REX prefix changes what byte registers 4-7 mean */
  bool is_vex;
  bool is_locked;   /* lock prefix */
  bool is_cut;      /* the bytes ended inside the instruction */
  uint8_t vvvv;     /* second source or destination of a VEX instruction */
  uint8_t prefix;   /* the last of 66, F2, F3; 0 when there is none */
  int map;
  uint8_t opcode;
  bool has_modrm;
  uint8_t modrm;
  uint16_t address; /* registers of the ModRM memory operand */
  bool is_memory;   /* ModRM names memory, not a register */
};

static uint8_t take(struct decoder *d) {
  if (d->next == d->end) {
    d->is_cut = true;
    return 0;
  }
  return *d->next++;
}

static uint16_t bit(int reg) {
  return (uint16_t)(1u << reg);
}

static int modrm_mod(const struct decoder *d) {
  return d->modrm >> 6;
}

static int modrm_op(const struct decoder *d) {
  return d->modrm >> 3 & 7;
}

/* The register in ModRM.reg. A byte register without REX is ah, ch, dh or bh from number 4 on. */
static int8_t modrm_register(const struct decoder *d, bool is_byte) {
  int reg = modrm_op(d) | (d->rex & 4) << 1;
  if (is_byte && !d->has_rex && reg >= 4) {
    reg -= 4;
  }
  return (int8_t)reg;
}

static bool is_legacy_prefix(uint8_t b) {
  switch (b) {
    case 0x26: case 0x2e: case 0x36: case 0x3e: case 0x64: case 0x65: /* segments */
    case 0x66: case 0x67: case 0xf0: case 0xf2: case 0xf3:
      return true;
    default:
      return false;
  }
}

static void read_prefixes(struct decoder *d) {
  while (d->next < d->end && is_legacy_prefix(*d->next)) {
    uint8_t b = take(d);
    if (b == 0x66 || b == 0xf2 || b == 0xf3) {
      d->prefix = b;
    }
    d->is_locked |= b == 0xf0;
  }
  if (d->next < d->end && (*d->next & 0xf0) == 0x40) {
    d->rex = take(d) & 15;
    d->has_rex = true;
  }
}

/* VEX carries R, X, B inverted, the opcode map, and the implied 66/F3/F2 prefix. */
static void read_vex(struct decoder *d, bool is_three_bytes) {
  static const uint8_t implied[4] = {0, 0x66, 0xf3, 0xf2};
  uint8_t first = take(d);
  uint8_t last = first;
  d->is_vex = true;
  d->map = MAP_0F;
  if (is_three_bytes) {
    last = take(d);
    d->rex = (uint8_t)(((~first >> 5) & 7) | (last >> 7) << 3);
    d->map = first & 31;
  } else {
    d->rex = (uint8_t)((~first >> 5) & 4);
  }
  d->vvvv = (uint8_t)((~last >> 3) & 15);
  d->prefix = implied[last & 3];
  d->opcode = take(d);
}

static void read_opcode(struct decoder *d) {
  uint8_t b = take(d);
  if ((b == 0xc4 || b == 0xc5) && !d->has_rex) {
    read_vex(d, b == 0xc4);
    return;
  }
  if (b != 0x0f) {
    d->opcode = b;
    return;
  }
  d->map = MAP_0F;
  d->opcode = take(d);
  if (d->opcode == 0x38 || d->opcode == 0x3a) {
    d->map = d->opcode == 0x38 ? MAP_0F38 : MAP_0F3A;
    d->opcode = take(d);
  }
}

static bool one_byte_has_modrm(uint8_t op) {
  if (op < 0x40) {
    return (op & 7) < 4;
  }
  switch (op) {
    case 0x62: case 0x63: case 0x69: case 0x6b:
    case 0xc0: case 0xc1: case 0xc6: case 0xc7:
    case 0xf6: case 0xf7: case 0xfe: case 0xff:
      return true;
    default:
      return (op >= 0x80 && op <= 0x8f) || (op >= 0xd0 && op <= 0xd3) || (op >= 0xd8 && op <= 0xdf);
  }
}

static bool two_byte_has_modrm(uint8_t op) {
  switch (op) {
    case 0x05: case 0x06: case 0x07: case 0x08: case 0x09: case 0x0b: case 0x0e:
    case 0x77: case 0xa0: case 0xa1: case 0xa2: case 0xa8: case 0xa9: case 0xaa:
      return false;
    default:
      return !((op >= 0x30 && op <= 0x37) || (op >= 0x80 && op <= 0x8f) || op >= 0xc8)
          || op >= 0xd0;
  }
}

/* Gathers index by a vector register, which is not a general register. */
static bool has_vector_index(const struct decoder *d) {
  return d->is_vex && d->map == MAP_0F38 && d->opcode >= 0x90 && d->opcode <= 0x93;
}

static void read_modrm(struct decoder *d) {
  d->has_modrm = d->map == MAP_ONE_BYTE ? one_byte_has_modrm(d->opcode)
               : d->map != MAP_0F       ? true
                                        : two_byte_has_modrm(d->opcode);
  if (!d->has_modrm) {
    return;
  }
  d->modrm = take(d);
  int mod = modrm_mod(d);
  int rm = d->modrm & 7;
  d->is_memory = mod != 3;
  if (!d->is_memory) {
    return;
  }
  if (rm != 4) {
    bool is_rip_relative = mod == 0 && rm == 5;
    d->address = is_rip_relative ? 0 : bit(rm | (d->rex & 1) << 3);
    return;
  }
  uint8_t sib = take(d);
  int base = (sib & 7) | (d->rex & 1) << 3;
  int index = (sib >> 3 & 7) | (d->rex & 2) << 2;
  bool has_base = !(mod == 0 && (sib & 7) == 5);
  d->address = has_base ? bit(base) : 0;
  if (index != RSP && !has_vector_index(d)) {
    d->address |= bit(index);
  }
}

/* Register that an instruction with a ModRM memory operand loads, one-byte opcodes. */
static int8_t one_byte_defined(const struct decoder *d) {
  uint8_t op = d->opcode;
  if (op < 0x38 && (op & 6) == 2) { /* add or adc sbb and sub xor with a register destination */
    return modrm_register(d, (op & 1) == 0);
  }
  switch (op) {
    case 0x63: case 0x69: case 0x6b: case 0x87: case 0x8b:
      return modrm_register(d, false);
    case 0x86: case 0x8a:
      return modrm_register(d, true);
    case 0xf6: case 0xf7: /* mul imul div idiv leave their result in rax */
      return modrm_op(d) >= 4 ? RAX : X86_NO_REGISTER;
    default:
      return X86_NO_REGISTER;
  }
}

static int8_t two_byte_defined(const struct decoder *d) {
  uint8_t op = d->opcode;
  if (d->is_vex && op != 0x2c && op != 0x2d) {
    return X86_NO_REGISTER;
  }
  if (op >= 0x40 && op <= 0x4f) { /* cmov */
    return modrm_register(d, false);
  }
  switch (op) {
    case 0x2c: case 0x2d: /* convert a scalar to an integer register */
      return d->prefix == 0xf2 || d->prefix == 0xf3 ? modrm_register(d, false) : X86_NO_REGISTER;
    case 0xb0: case 0xb1: case 0xc7: /* cmpxchg, cmpxchg8b, cmpxchg16b */
      return RAX;
    case 0xc0:
      return modrm_register(d, true);
    case 0x02: case 0x03: case 0xaf: case 0xb6: case 0xb7: case 0xb8: case 0xbc: case 0xbd:
    case 0xbe: case 0xbf: case 0xc1:
      return modrm_register(d, false);
    default:
      return X86_NO_REGISTER;
  }
}

static int8_t map_0f38_defined(const struct decoder *d) {
  switch (d->opcode) {
    case 0xf0: /* movbe and crc32 load; with a register destination in both */
    case 0xf2: case 0xf5: case 0xf6: case 0xf7:
      return modrm_register(d, false);
    case 0xf1: /* crc32 loads, movbe stores */
      return d->prefix == 0xf2 ? modrm_register(d, false) : X86_NO_REGISTER;
    case 0xf3: /* blsr, blsmsk, blsi name their destination in vvvv */
      return d->is_vex ? (int8_t)d->vvvv : X86_NO_REGISTER;
    default:
      return X86_NO_REGISTER;
  }
}

static int8_t modrm_defined(const struct decoder *d) {
  switch (d->map) {
    case MAP_ONE_BYTE:
      return d->is_vex ? X86_NO_REGISTER : one_byte_defined(d);
    case MAP_0F:
      return two_byte_defined(d);
    case MAP_0F38:
      return map_0f38_defined(d);
    default: /* rorx is the only general-register load of map 0F3A */
      return d->is_vex && d->opcode == 0xf0 ? modrm_register(d, false) : X86_NO_REGISTER;
  }
}

/* Instructions whose stack or string operand is implied by the opcode. Returns false for others. */
static bool implied_operands(const struct decoder *d, struct x86_operands *o) {
  uint8_t op = d->opcode;
  if (d->map != MAP_ONE_BYTE) {
    bool is_segment_push_pop = d->map == MAP_0F && !d->is_vex && (op & 0xf6) == 0xa0;
    o->load_address = o->store_address = is_segment_push_pop ? bit(RSP) : 0;
    return is_segment_push_pop;
  }
  if (op >= 0x58 && op <= 0x5f) { /* pop register */
    o->load_address = bit(RSP);
    o->defined = (int8_t)((op & 7) | (d->rex & 1) << 3);
    return true;
  }
  switch (op) {
    case 0xa0: case 0xa1: /* mov rax, [absolute] */
      o->defined = RAX;
      return true;
    case 0xa4: case 0xa5: case 0xa6: case 0xa7: /* movs, cmps */
      o->load_address = bit(RSI) | ((op & 2) != 0 ? bit(RDI) : 0);
      o->store_address = bit(RDI);
      return true;
    case 0xaa: case 0xab: case 0xae: case 0xaf: /* stos, scas */
      o->load_address = o->store_address = bit(RDI);
      return true;
    case 0xac: case 0xad: /* lods */
      o->load_address = bit(RSI);
      o->defined = RAX;
      return true;
    case 0xc9: /* leave reads where rbp points and loads rbp */
      o->load_address = bit(RBP);
      o->defined = RBP;
      return true;
    case 0xd7: /* xlat */
      o->load_address = bit(RBX) | bit(RAX);
      o->defined = RAX;
      return true;
    default:
      break;
  }
  bool is_stack = (op >= 0x50 && op <= 0x57) || op == 0x68 || op == 0x6a || op == 0x9c || op == 0x9d
      || op == 0xc2 || op == 0xc3 || op == 0xc8 || op == 0xe8;
  o->load_address = o->store_address = is_stack ? bit(RSP) : 0;
  return is_stack;
}

static struct x86_operands operands_of(struct decoder *d) {
  struct x86_operands o = {.defined = X86_NO_REGISTER};
  if (d->opcode == 0x62 && d->map == MAP_ONE_BYTE) {
    return o; /* EVEX: QEMU offers no AVX-512 */
  }
  bool is_one_byte = d->map == MAP_ONE_BYTE;
  o.is_call = is_one_byte && d->opcode == 0xe8;
  if (implied_operands(d, &o)) {
    return o;
  }
  read_modrm(d);
  if (is_one_byte && d->opcode == 0xff && (modrm_op(d) == 2 || modrm_op(d) == 6)) {
    o.load_address = d->address; /* call or push through memory: the store goes to the stack */
    o.store_address = bit(RSP);
    o.is_call = modrm_op(d) == 2;
    return o;
  }
  if (is_one_byte && d->opcode == 0x8f) { /* pop to memory */
    o.load_address = bit(RSP);
    o.store_address = d->address;
    return o;
  }
  if (!d->is_memory) {
    return o;
  }
  o.load_address = o.store_address = d->address;
  o.defined = modrm_defined(d);
  o.is_atomic = d->is_locked || (is_one_byte && (d->opcode == 0x86 || d->opcode == 0x87));
  return o;
}

struct x86_operands x86_decode(const uint8_t *bytes, size_t length) {
  struct decoder d = {.next = bytes, .end = bytes + length};
  read_prefixes(&d);
  read_opcode(&d);
  struct x86_operands o = operands_of(&d);
  return d.is_cut ? (struct x86_operands){.defined = X86_NO_REGISTER} : o;
}
