// Written by Scripts/make-character-repertoire; do not edit.

/// JIS X 0208 and JIS X 0212 with ASCII.
enum CertificateRepertoire {
  /// Scalars outside the kanji block.
  static let ranges: [ClosedRange<UInt32>] = [
    0x20...0x7E, 0xA1...0xAA, 0xAC...0xAC, 0xAE...0xB1, 0xB4...0xB4, 0xB6...0xB6, 0xB8...0xB8, 0xBA...0xBA,
    0xBF...0xCF, 0xD1...0x113, 0x116...0x122, 0x124...0x12B, 0x12E...0x14D, 0x150...0x17E, 0x1CD...0x1DC,
    0x1F5...0x1F5, 0x2C7...0x2C7, 0x2D8...0x2DB, 0x2DD...0x2DD, 0x384...0x386, 0x388...0x38A, 0x38C...0x38C,
    0x38E...0x3A1, 0x3A3...0x3CE, 0x401...0x40C, 0x40E...0x44F, 0x451...0x45C, 0x45E...0x45F, 0x2010...0x2010,
    0x2015...0x2016, 0x2018...0x2019, 0x201C...0x201D, 0x2020...0x2021, 0x2025...0x2026, 0x2030...0x2030,
    0x2032...0x2033, 0x203B...0x203B, 0x203E...0x203E, 0x2103...0x2103, 0x2116...0x2116, 0x2122...0x2122,
    0x212B...0x212B, 0x2190...0x2193, 0x21D2...0x21D2, 0x21D4...0x21D4, 0x2200...0x2200, 0x2202...0x2203,
    0x2207...0x2208, 0x220B...0x220B, 0x2212...0x2212, 0x221A...0x221A, 0x221D...0x221E, 0x2220...0x2220,
    0x2225...0x2225, 0x2227...0x222C, 0x2234...0x2235, 0x223D...0x223D, 0x2252...0x2252, 0x2260...0x2261,
    0x2266...0x2267, 0x226A...0x226B, 0x2282...0x2283, 0x2286...0x2287, 0x22A5...0x22A5, 0x2312...0x2312,
    0x2500...0x2503, 0x250C...0x250C, 0x250F...0x2510, 0x2513...0x2514, 0x2517...0x2518, 0x251B...0x251D,
    0x2520...0x2520, 0x2523...0x2525, 0x2528...0x2528, 0x252B...0x252C, 0x252F...0x2530, 0x2533...0x2534,
    0x2537...0x2538, 0x253B...0x253C, 0x253F...0x253F, 0x2542...0x2542, 0x254B...0x254B, 0x25A0...0x25A1,
    0x25B2...0x25B3, 0x25BC...0x25BD, 0x25C6...0x25C7, 0x25CB...0x25CB, 0x25CE...0x25CF, 0x25EF...0x25EF,
    0x2605...0x2606, 0x2640...0x2640, 0x2642...0x2642, 0x266A...0x266A, 0x266D...0x266D, 0x266F...0x266F,
    0x3000...0x3003, 0x3005...0x3015, 0x301C...0x301C, 0x3041...0x3093, 0x309B...0x309E, 0x30A1...0x30F6,
    0x30FB...0x30FE, 0xFF01...0xFF01, 0xFF03...0xFF06, 0xFF08...0xFF5E, 0xFFE0...0xFFE3, 0xFFE5...0xFFE5,
  ]

  /// One bit a scalar from U+4E00 to U+9FFF, highest bit first; base64.
  static let kanjiBitmap = """
    /f7vw1q35tn9F0fvMMBcQ6b+b9/un5Jg+zeP9/yH9xfw/+dsAAPf/rPf//+Qa9f/fv/798AXJ1/+/+m9/AO2r89/+/9//rZQ9+v3abcs7oTeJ/r7\
    4C29Zr1v3q8/x2Zy+96v/1Gtffn//72pLv5Hir5/98T+/P+vLt12nudm/+b/sn+ELeL3+B19D7veY/3Ftex/uZ99z/7fzW/f/+j/4/a91//V/fT/\
    9/x5+tZP/dM5ghrlzve/tLT/P3f///egeP/QNcP/Tt6750ADK/bfHd7f5glv/3H/6+YAgObvIi/Pz44AADN23s9t077aAAAb+/N57xn+ogFfWnm7\
    OEADRwbn69AASf/d+l+IEvr9bKCPuQxnp95bCvT/0f/flvNl+f12vb/vmZenL+AAb/fde3DYHW/56JCEk5s+D9tEj+++/ARXyyXsZcB97eNp0KTL\
    1e2bDeLScPptrv/vbFvxfCZ5vvx9//eDG8P99/X/Ptx4PjdVHY+xelr0+G8fs2sR2E5wq53lhgjPyIQiNywBMwAQsnuhCHS/atmDKNZiBjTA2ANU\
    ZCyqgtQY778e09Sv3//f/T7P/+n/Tbv379Pep2//UyO63ub/xrfUav3PznwBqegF8vh/ugVQIUTA5+o0QxZv8TtQSEUyuuRJ6G2SY3m4vFWhGqns\
    EV6y1t/SfdazHG71hJe3hp1az5t4vr7/2TMHKK+8V4dy+/4/9Njbu3v/391/38+fza7b3Pt9/e/9/fPO6f/YzB3c+87o//a9ASe//c/1VCDz/O9l\
    /f3FA3r+f7e/4P+eL/Nc//WA//zz7/97YbjPT2/+FOe1m/+b+Tb77Y3+Iurz/4QPd00rr9nu/j/zc7jV+97+upiHUm+4Z/+aAphXfy/v//zAL38P\
    efzSwQH1Bm96f72YB95vvbnrrvP//ywW3sP+ONRqPuACZbuKru2OJyATeL3RRRq0FYH0917esF9tfu2g/23vN8zhGt86e0//FcXvx7MYraR16uXd\
    3x+5TX7bq9HnzOxzu+9+D///30n+e2Hf6/uf+9ne4/2qFmzb+csKfYLavf+V1x9fo75bp0fL3k/+L/8bTVvX/OJB/9z+4/nua0v/UzgAG0dh/fjd\
    /q793RET73t+hRu99+f2eA79/+3Vv+Z8zv/zeHag3tUkYh1+/v/9/+AmbpjHl2m7Vb7TxiWXdFf0OX13+PKv9w/y5tFrIHCD21bBH7Q72JdyyN4/\
    CajgPD9h4xfZmSf3E2661ftznNe+dAeTuP/9/55eOrFTG1FBLMf5URuKH7PgN61/obW69nfMv/lgEvj/bm3/fPX7+AAJO3FzB/N230wAAWtfa4nI\
    JYp/2AApLc2Pu2bX7vvfeI3wFHf/XyL6HPd7nzGTMhegDZLNpSdzNf3/XAYAHynXau1esLJ98ptEAXn/ao+Irvue+yHfo9ZI96AMs8jb1m7HVUW3\
    kwmpShj6TIYcG4aORmIv0Agf2eAAsV7NCABAZB9ZCGrCFcKIR3qnaq/KAESNqSxxoInwY9jav2mHDgTbg8SRNQi9rv/3m7b/8dNp3+lGMhChj2pC\
    e0qn0eRMGf4tNDPfLftvNxwHo4eT++X431KXi6Z0NV2m/zJG12ZN999gQDAu//5h2xRlf7v38gLXUeDr8/PkVQDpmLu78+u5Hg53q9/58/+b/+l/\
    73Xb/2dz/Gw8EHzv/y8t2/lL+Gv5/TZf/0S8+P/4Jslt7+q+356Wfb+mieV2/itb36rq2sv6LXuuxw/upycjO/+4uGeIHk4jpS/WXxFEZXu/b9iY\
    Jk5sBPcGrSEdiiAO2LsoKkMvXadZ7fQ/R/r+McupOzXDCuBrh3xMP8/x37+l1CF7zD9enEPz2Pfp8W6n/3zAmLH+TfvBF+3/v8+HTfV0juf+sP+D\
    kGuWeR//dH32/cr3K7FI05f/3kXH3+4Ej2/9IAtX7//ELe687/kLdI7kP+r7X3lR17hb55It/v/dTrROc1Wtk++W83+t5z/vo1Eusr/1//7yP/Rv\
    /5/Tfnei9vV23VN/Mz//9z8/Ze7u/W5wzPDlH/Ofd3dfNq7nZ3eQ33Pv/r4AAAAAAAAAAAAAAAAAAAAAAAACvx0P/J3f9uXHt7/LLnrnKs3WqywR\
    1tuwf9+//8/Kip9/iiAio+qF/0dP2hK+Z31o4BqPL/bMB/ruN/ADuplJ1GoHOv0Bx9fJ4f6zlr64wry3tvdV9928/v/177v/YPo/4J8TQu27t2uX\
    2XZq9d//+f8GAP17/7Vbdv/yA59wn//svWf/gAAAlZ2vZj7/o/xEB8Vr2o2A8evcWz9UQKBpRMwH52P4/3/f7GwQvEtC5Wj/6/3SaAEr6T2zCt2r\
    fz0+BdLz9+/49QF3z/nZ3a//C+9hd4StjuQTe6828/JhRYKt4ga/7/lZR3AAvFaoW/Xfwd9WbXudTwD+v/f461TDaX+UXhXF3qNqkT/clcOxH1Q3\
    y/Kmabg1c/NWd/77cYbmeP7+d//40OVX4JQj+6iyzSf8P3zfQYH9zmsvtu6HsOby/k0jO/o3vT9T9Z+5x2m/LYAAL6wXVFrFvav/l749Xz7Xxv+e\
    9173e79d9+Pfz7NbO/1/P+se36vvOst/wpyRSn7POvsSHevO3D++awAAAAAAAAAAAAAAAAAAAAAAAAHnR/vd9Hr8Fvonfrje6f+7/f/3Vn76raW/\
    XfW7EAAAAAAAAAAAD17ZAWykxEOSmTV6p7tPdV25/A1O8coH8yDfxOn/jF/4Tep4fXT8dmF/1DLfvWgZMJbB/rXpv9/X7x/z/099j3wAAAAAAAAf\
    34fnu+42/CC+98/2/p/f9/Hvf8t9f/7e98+v7f37xdD2of6GXaol3WyVjweuhKvqtUfrbBH/O/B9bD3wd3b9imq//r3339v/X2/HXc9u/o4ey5/r\
    v/fB/u/Dx9+U5nf5jZUj/feftc3d7rD5ooXM7//7PzAJ1O+6jW/eL+C9L7Jb3o5gX/zTz2+AAfR5x5/hQBN+tVyodHvwt+UPWAAAAAAAAAAAAAAA\
    AAAAAAAAAAAAAAAAAAAAAAAAAcK5/1rH/9wqfxP8/u/uAAAAAAAADm6rcf3oHauffiq/v373T/2f4/v4z35m/zDx43C/51J+eaDwxnrjJ/r79lv9\
    zlWH67Kefutf/tneyAd/sXev++reH72eCz9/8jc52AAAAAAAALfLsT6IABl3dzoONej/v+uafH7n3u3bgAAAAAAAA9UGjvxtXsD8/yE+7Nd8G/JC\
    uZaXgv0+TzUscAAAAAAAAACvrtvag/+bv399df7eovm39318fJ9Psla/HcGfd/sng/7p28Pj65V9sfXlqv3++n/n53Zf47u/kfKnkAAAAAAAAAAA\
    AAAAAAdYu0Az0mWfErm4P3+g2E/8eaM6G2c3oEh7bPl7YR9jh1e45iEi5n4AAAAAAAAAAAAABP39m3eXDu+c+wqfrN+Nj+/dMcP/ceI5aX9fMz+n\
    8+/3JAAF7w70AAAAAAAAAAAAAAA=
    """
}
