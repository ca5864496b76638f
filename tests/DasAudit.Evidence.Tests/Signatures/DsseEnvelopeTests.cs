using System.Text;
using System.Text.Json;
using DasAudit.Evidence.Signatures;

namespace DasAudit.Evidence.Tests.Signatures;

public sealed class DsseEnvelopeTests : IDisposable
{
    private readonly SigningKey _key = SigningKey.Create();

    [Fact]
    public void What_is_signed_is_encoded_as_the_specification_shows() =>
        Assert.Equal(
            "DSSEv1 29 http://example.com/HelloWorld 11 hello world",
            Encoding.UTF8.GetString(DsseEnvelope.Encode("http://example.com/HelloWorld", "hello world"u8))
        );

    [Fact]
    public void A_signature_is_that_of_its_key_and_payload()
    {
        using var publicKey = VerificationKey.Parse(_key.PublicPem, "key");
        using var stranger = SigningKey.Create();
        using var publicStranger = VerificationKey.Parse(stranger.PublicPem, "stranger");
        var envelope = DsseEnvelope.Parse(DsseEnvelope.Sign("text/plain", "hello"u8.ToArray(), [_key]).ToJson());

        Assert.True(envelope.IsSignedBy(publicKey));
        Assert.Null(envelope.IsSignedBy(publicStranger));
        Assert.False((envelope with { PayloadType = "text/html" }).IsSignedBy(publicKey));
        Assert.False((envelope with { Payload = Convert.ToBase64String("hallo"u8) }).IsSignedBy(publicKey));
    }

    [Theory]
    [InlineData("""{"payload":"aGk=","payloadType":"t","signatures":[]}""")]
    [InlineData("""{"payload":"aGl=","payloadType":"t","signatures":[{"keyid":"a","sig":"aGk="}]}""")]
    [InlineData("""{"payload":"aGk=","payloadType":"t","signatures":[{"keyid":"a","sig":"aGl="}]}""")]
    [InlineData(
        """{"payload":"aGk=","payloadType":"t","signatures":[{"keyid":"a","sig":"aGk="},{"keyid":"a","sig":""}]}"""
    )]
    [InlineData("""{"payload":"aGk=", "payloadType":"t","signatures":[{"keyid":"a","sig":"aGk="}]}""")]
    [InlineData("""{"payload":"aGk=","payloadType":"t","signatures":[null]}""")]
    [InlineData("[]")]
    public void An_envelope_that_is_written_otherwise_is_refused(string json) =>
        Assert.Throws<JsonException>(() => DsseEnvelope.Parse(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Openssl_verifies_a_signature()
    {
        Assert.SkipUnless(OpenSsl.IsThere, OpenSsl.Missing);
        using var folder = new TempFolder();
        var envelope = DsseEnvelope.Sign("text/plain", "hello"u8.ToArray(), [_key]);
        folder.Write("key.pem", _key.PublicPem);
        folder.Write("text", DsseEnvelope.Encode("text/plain", "hello"u8));
        folder.Write("sig", Convert.FromBase64String(envelope.Signatures[0].Sig));

        Assert.Equal(
            "Verified OK\n",
            OpenSsl.Run(folder.Path, "dgst", "-sha256", "-verify", "key.pem", "-signature", "sig", "text")
        );
    }

    public void Dispose() => _key.Dispose();
}
