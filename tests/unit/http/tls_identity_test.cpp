#include "core/http/tls_identity.hpp"
#include "tests/unit/http/certificates.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plugboard::http {
namespace {

using Part = TlsFault::Part;

class TlsIdentityTest : public testing::Test {
 protected:
  TlsMaterial material(const Certificate& certificate) const {
    TlsMaterial material;
    material.certificate = pem(certificate);
    material.key = Secret(key_pem(certificate));
    return material;
  }

  TlsIdentityPtr make(const TlsMaterial& material) {
    faults.clear();
    return TlsIdentity::make(material, clock, random, faults);
  }

  // Refused for one part alone, whose message says this.
  void expect_refused(const TlsMaterial& material, Part part, const std::string& saying) {
    EXPECT_FALSE(make(material));
    ASSERT_EQ(faults.size(), 1U) << saying;
    EXPECT_EQ(faults[0].part, part) << faults[0].message;
    EXPECT_THAT(faults[0].message, testing::HasSubstr(saying));
  }

  SystemClock clock;
  SystemRandom random;
  std::vector<TlsFault> faults;
  const Certificate authority = make_authority();
  const Certificate good = make_certificate("DNS:hub.example", &authority);
};

TEST_F(TlsIdentityTest, TakesAGoodCertificate) {
  const auto identity = make(material(good));
  ASSERT_TRUE(identity) << faults[0].message;
  EXPECT_GT(identity->not_after(), clock.wall());
  EXPECT_TRUE(identity->same_as(*make(material(good))));
  const auto other = make_certificate("DNS:hub.example", &authority);
  EXPECT_FALSE(identity->same_as(*make(material(other))));
}

TEST_F(TlsIdentityTest, SaysWhatIsWrongWithACertificate) {
  auto none = material(good);
  none.certificate = "-----BEGIN CERTIFICATE-----\nnot base64\n-----END CERTIFICATE-----\n";
  expect_refused(none, Part::certificate, "holds no certificate");
  expect_refused(material(certificate_for({.to_days = -1}, &authority)), Part::certificate, "has expired at 20");
  expect_refused(material(certificate_for({.from_days = 1}, &authority)), Part::certificate, "is not valid before 20");
  expect_refused(material(certificate_for({.extended_usage = "clientAuth"}, &authority)), Part::certificate,
                 "is not made for TLS servers");
}

TEST_F(TlsIdentityTest, SaysWhatIsWrongWithAKey) {
  auto wrong = material(good);
  wrong.key = Secret(key_pem(authority));
  expect_refused(wrong, Part::key, "does not belong to the certificate");
  wrong.key = Secret(key_pem(good, "open sesame"));
  expect_refused(wrong, Part::key, "is encrypted");
  wrong.key = Secret(pem(good));
  expect_refused(wrong, Part::key, "holds no private key");
}

TEST_F(TlsIdentityTest, SaysAllFaultsInOneGo) {
  TlsMaterial nothing;
  nothing.client_certificates = ClientCertificates::required;
  EXPECT_FALSE(make(nothing));
  ASSERT_EQ(faults.size(), 3U);
  EXPECT_EQ(faults[2].part, Part::client_ca);
}

TEST_F(TlsIdentityTest, IsAnotherOneWhenItLetsOthersIn) {
  auto open = material(good), asking = material(good), requiring = material(good);
  asking.client_ca = requiring.client_ca = pem(authority);
  asking.client_certificates = ClientCertificates::optional;
  requiring.client_certificates = ClientCertificates::required;
  EXPECT_FALSE(make(open)->same_as(*make(asking)));
  EXPECT_FALSE(make(asking)->same_as(*make(requiring)));
}

} // namespace
} // namespace plugboard::http
