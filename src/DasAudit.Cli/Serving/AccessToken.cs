using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace DasAudit.Cli.Serving;

/// <summary>A secret that stands in an address: 256 random bits, in letters that need no escape there.</summary>
internal sealed class AccessToken
{
    private const int Bytes = 32;
    private readonly byte[] _text;

    private AccessToken(string text)
    {
        Text = text;
        _text = Encoding.ASCII.GetBytes(text);
    }

    public string Text { get; }

    public static AccessToken New() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)));

    /// <summary>Whether a text is the token; how long that takes does not depend on where it differs.</summary>
    public bool Is(string text) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(text), _text);
}
