#include "lobule/optical_density.h"

#include "lobule/portable_math.h"

namespace lobule {

// tests/python/test_stain.py computes them anew with 60 digits.
const std::array<double, 256> kOpticalDensity = {{
    0x1.34098235bca4bp+1, 0x1.34098235bca4bp+1, 0x1.0d815b947db0bp+1,  0x1.edee661239f17p+0,
    0x1.cdf269e67d797p+0, 0x1.b52351adf7316p+0, 0x1.a0de18cfbc098p+0,  0x1.8fbaac0fb2e77p+0,
    0x1.80e21ca3ff918p+0, 0x1.73c9c7b8fa998p+0, 0x1.6813046b79497p+0,  0x1.5d7a4e666cf28p+0,
    0x1.53cdcb8d3e218p+0, 0x1.4ae7a02fb8247p+0, 0x1.42aa5ecd34ff7p+0,  0x1.3afeb354b7d97p+0,
    0x1.33d1cf6181a98p+0, 0x1.2d145116c1700p+0, 0x1.26b97a767cb18p+0,  0x1.20b69f0bbd386p+0,
    0x1.1b02b728fb617p+0, 0x1.15960db6738f8p+0, 0x1.106a0123ef0a8p+0,  0x1.0b78d261b9b18p+0,
    0x1.06bd7e4ac0398p+0, 0x1.02339ef075196p+0, 0x1.fbaea5da74790p-1,  0x1.f34a52bf76832p-1,
    0x1.eb3423156e2efp-1, 0x1.e3669aa986159p-1, 0x1.dbdccc2473e2fp-1,  0x1.d492464be5961p-1,
    0x1.cd83043e07830p-1, 0x1.c6ab601a5b352p-1, 0x1.c00807a887100p-1,  0x1.b995f2a4619eep-1,
    0x1.b3525a67fd931p-1, 0x1.ad3ab2ba2682dp-1, 0x1.a74ca3927ea0dp-1,  0x1.a18603acf1990p-1,
    0x1.9be4d3ccfaf2ep-1, 0x1.96673a96b107dp-1, 0x1.910b80e7eb4f0p-1,  0x1.8bd00e9f6c742p-1,
    0x1.86b367c2e2451p-1, 0x1.81b429f6f1030p-1, 0x1.7cd10a3e77930p-1,  0x1.7808d2f7db3f2p-1,
    0x1.735a621084a31p-1, 0x1.6ec4a767d90afp-1, 0x1.6a46a35bee62dp-1,  0x1.65df657b04301p-1,
    0x1.618e0b5578a90p-1, 0x1.5d51bf6c834a6p-1, 0x1.5929b83a7ab32p-1,  0x1.55153751d5b50p-1,
    0x1.51138890725f0p-1, 0x1.4d240164fbc0ep-1, 0x1.494600248a45ap-1,  0x1.4578eb6ed4752p-1,
    0x1.41bc319f7812fp-1, 0x1.3e0f484b0f14ep-1, 0x1.3a71abc6e9c62p-1,  0x1.36e2deba686f1p-1,
    0x1.336269b90bb31p-1, 0x1.2fefdae46c18ep-1, 0x1.2c8ac5955f652p-1,  0x1.2932c20ba5ed2p-1,
    0x1.25e76d238b400p-1, 0x1.22a86810f4b31p-1, 0x1.1f75581f65ceep-1,  0x1.1c4de6768e887p-1,
    0x1.1931bfe301c32p-1, 0x1.162094a2bc065p-1, 0x1.131a18352ab2ep-1,  0x1.101e012e6b82ep-1,
    0x1.0d2c090d82d0ep-1, 0x1.0a43ec154d211p-1, 0x1.07656927f5c91p-1,  0x1.049041a4c1651p-1,
    0x1.01c43947ff22fp-1, 0x1.fe022c19efa67p-2, 0x1.f88d40236a6fbp-2,  0x1.f32942f8fe6f8p-2,
    0x1.edd5ccc5defe2p-2, 0x1.e8927964fd5fdp-2, 0x1.e35ee834e1486p-2,  0x1.de3abbee0ecb6p-2,
    0x1.d9259a7bccea4p-2, 0x1.d41f2cd7237c3p-2, 0x1.cf271ee3ea661p-2,  0x1.ca3d1f4fc70a0p-2,
    0x1.c560df72f7860p-2, 0x1.c0921332cdcc5p-2, 0x1.bbd070e5bede5p-2,  0x1.b71bb138ec818p-2,
    0x1.b2738f1711a63p-2, 0x1.add7c790bb721p-2, 0x1.a94819c5ba75fp-2,  0x1.a4c446cfb90a7p-2,
    0x1.a04c11ade525bp-2, 0x1.9bdf3f319d384p-2, 0x1.977d95ec10c02p-2,  0x1.9326de1cc64e7p-2,
    0x1.8edae1a0f9b21p-2, 0x1.8a996be3c5ddep-2, 0x1.866249cf0ef4ep-2,  0x1.823549bd21a7cp-2,
    0x1.7e123b6afdc66p-2, 0x1.79f8efeb428bep-2, 0x1.75e93999b3ca1p-2,  0x1.71e2ec0f4fa5ep-2,
    0x1.6de5dc16ed1e1p-2, 0x1.69f1dfa25c0ffp-2, 0x1.6606cdbfffe1dp-2,  0x1.62247e90de65dp-2,
    0x1.5e4acb3f1ceb5p-2, 0x1.5a798df4e5d24p-2, 0x1.56b0a1d3b14a5p-2,  0x1.52efe2ebec380p-2,
    0x1.4f372e34f8860p-2, 0x1.4b866185826e6p-2, 0x1.47dd5b8c2689ep-2,  0x1.443bfbc864afdp-2,
    0x1.40a22283dbec4p-2, 0x1.3d0fb0cbcc058p-2, 0x1.3984886ad93e4p-2,  0x1.36008be30f302p-2,
    0x1.32839e681fc62p-2, 0x1.2f0da3d9db888p-2, 0x1.2b9e80bee091ep-2,  0x1.28361a3f7daaep-2,
    0x1.24d45620c72a6p-2, 0x1.21791abfdb59bp-2, 0x1.1e244f0d543a4p-2,  0x1.1ad5da88e4a63p-2,
    0x1.178da53d1ee01p-2, 0x1.144b97bb62c09p-2, 0x1.110f9b17f1c62p-2,  0x1.0dd998e627639p-2,
    0x1.0aa97b34d3fdep-2, 0x1.077f2c8ab91e7p-2, 0x1.045a97e32570fp-2,  0x1.013ba8aaaf364p-2,
    0x1.fc44957817ccap-3, 0x1.f61cd4ba07963p-3, 0x1.efffe87700d98p-3,  0x1.e9edaad5696c2p-3,
    0x1.e3e5f6c0bb8b9p-3, 0x1.dde8a7e436d95p-3, 0x1.d7f59aa5becbap-3,  0x1.d20cac20e4c1fp-3,
    0x1.cc2dba221c038p-3, 0x1.c658a32216008p-3, 0x1.c08d464145447p-3,  0x1.bacb834385982p-3,
    0x1.b5133a8be7e46p-3, 0x1.af644d18a0760p-3, 0x1.a9be9c7f16546p-3,  0x1.a4220ae8126a0p-3,
    0x1.9e8e7b0c0d4bep-3, 0x1.9903d02f9a7c0p-3, 0x1.9381ee1ff00d0p-3,  0x1.8e08b92f899c1p-3,
    0x1.88981632e59f8p-3, 0x1.832fea7d5c145p-3, 0x1.7dd01bde0d9f2p-3,  0x1.7878909cea3f7p-3,
    0x1.73292f77cebc5p-3, 0x1.6de1df9fb7fc2p-3, 0x1.68a288b60b7fcp-3,  0x1.636b12c9f443ep-3,
    0x1.5e3b6655d350ep-3, 0x1.59136c3cc34a8p-3, 0x1.53f30dc82e56ep-3,  0x1.4eda34a575bb5p-3,
    0x1.49c8cae3aa94ap-3, 0x1.44bebaf15714dp-3, 0x1.3fbbef9a57b88p-3,  0x1.3ac05405c3e9bp-3,
    0x1.35cbd3b3e58c4p-3, 0x1.30de5a7c3ef57p-3, 0x1.2bf7d48b9ed41p-3,  0x1.27182e6241940p-3,
    0x1.223f54d1ffcc3p-3, 0x1.1d6d34fc894b3p-3, 0x1.18a1bc51ac58cp-3,  0x1.13dcd88da8c88p-3,
    0x1.0f1e77b78e7ccp-3, 0x1.0a66881fa6fcbp-3, 0x1.05b4f85de9c32p-3,  0x1.0109b7507af0ap-3,
    0x1.f8c9683468191p-4, 0x1.ef8bbc426d0b4p-4, 0x1.e65a4a1b0f489p-4,  0x1.dd34f18f6b480p-4,
    0x1.d41b92ef0b581p-4, 0x1.cb0e0f0554c4ap-4, 0x1.c20c471705a9fp-4,  0x1.b9161cdfc2f58p-4,
    0x1.b02b728fb6170p-4, 0x1.a74c2ac939e98p-4, 0x1.9e78289e96614p-4,  0x1.95af4f8fca8d2p-4,
    0x1.8cf183886480dp-4, 0x1.843ea8dd66be4p-4, 0x1.7b96a44b3aba2p-4,  0x1.72f95af3b0190p-4,
    0x1.6a66b25c08489p-4, 0x1.61de906b0e17bp-4, 0x1.5960db6738f7ep-4,  0x1.50ed79f4db908p-4,
    0x1.488453145d53cp-4, 0x1.40254e207ec44p-4, 0x1.37d052cca81f6p-4,  0x1.2f85492342210p-4,
    0x1.274419841899cp-4, 0x1.1f0caca2c690fp-4, 0x1.16deeb852bafcp-4,  0x1.0ebabf81eab37p-4,
    0x1.06a0123ef0a87p-4, 0x1.fd1d9b600960ap-5, 0x1.ed0db82ac02f5p-5,  0x1.dd104ff49d055p-5,
    0x1.cd253867abf0ep-5, 0x1.bd4c47becd2f6p-5, 0x1.ad8554c3237ffp-5,  0x1.9dd036c990fbap-5,
    0x1.8e2cc5b0420f1p-5, 0x1.7e9ad9dc4638ep-5, 0x1.6f1a4c37362f1p-5,  0x1.5faaf62ce712ap-5,
    0x1.504cb1a92a5afp-5, 0x1.40ff59159a24ap-5, 0x1.31c2c75771928p-5,  0x1.2296d7cd70f17p-5,
    0x1.137b664dcd52dp-5, 0x1.04704f242b528p-5, 0x1.eaeade1f4980dp-6,  0x1.cd154681b1cffp-6,
    0x1.af5f92b00e610p-6, 0x1.91c97ec667aa4p-6, 0x1.7452c7b8ace78p-6,  0x1.56fb2b4f2469bp-6,
    0x1.39c26822ee9eep-6, 0x1.1ca83d9a9b5d3p-6, 0x1.ff58d7cda1fc4p-7,  0x1.c59d67fe09b86p-7,
    0x1.8c1daf3c898a9p-7, 0x1.52d9328021f5dp-7, 0x1.19cf783a8cb18p-7,  0x1.c20010a460ff3p-8,
    0x1.50d4d83867924p-8, 0x1.c038b95ab51fbp-9, 0x1.bf56d917902cap-10, 0x0.0p+0,
}};

std::uint8_t sample_of_density(double density) {
  constexpr double kLn10 = 0x1.26bb1bbb55516p+1;
  const double sample = 255.0 * portable_exp(-kLn10 * density);
  return sample >= 255.0 ? 255 : static_cast<std::uint8_t>(sample + 0.5);
}

}  // namespace lobule
