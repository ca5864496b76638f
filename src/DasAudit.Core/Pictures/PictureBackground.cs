using System.Drawing;
using System.Globalization;

namespace DasAudit.Core.Pictures;

/// <summary>What shows where a picture is transparent: a colour behind it, or the colours under it.</summary>
/// <param name="Red">0 to 255.</param>
/// <param name="Green">0 to 255.</param>
/// <param name="Blue">0 to 255.</param>
/// <param name="DropsAlpha">
/// Whether alpha is dropped instead, which leaves the colours as stored; this is what Pillow's
/// <c>Image.convert("RGB")</c> does, and with it most training code.
/// </param>
public sealed record PictureBackground(byte Red, byte Green, byte Blue, bool DropsAlpha = false)
{
    private const string DropWord = "drop";

    /// <summary>The default.</summary>
    public static PictureBackground White { get; } = new(255, 255, 255);

    /// <summary>Black.</summary>
    public static PictureBackground Black { get; } = new(0, 0, 0);

    /// <summary>Alpha is dropped and colours stay as stored.</summary>
    public static PictureBackground Drop { get; } = new(0, 0, 0, DropsAlpha: true);

    /// <summary>Reads the name of a colour as in CSS, <c>#RRGGBB</c>, or <c>drop</c>; case does not matter.</summary>
    /// <exception cref="AuditException">It is none of them.</exception>
    public static PictureBackground Parse(string text)
    {
        if (text.Equals(DropWord, StringComparison.OrdinalIgnoreCase))
            return Drop;
        if (text is ['#', .. { Length: 6 } digits] && TryParseHex(digits, out var number))
            return new((byte)(number >> 16), (byte)(number >> 8), (byte)number);
        var named = Color.FromName(text);
        if (named is { IsKnownColor: true, IsSystemColor: false, A: 255 })
            return new(named.R, named.G, named.B);
        throw new AuditException($"'{text}' is no colour; give a name such as black, #RRGGBB, or {DropWord}.");
    }

    /// <summary>As <see cref="Parse"/> takes it: <c>white</c>, <c>black</c>, <c>drop</c> or <c>#rrggbb</c>.</summary>
    public override string ToString()
    {
        if (DropsAlpha)
            return DropWord;
        if (this == White)
            return "white";
        return this == Black ? "black" : string.Create(CultureInfo.InvariantCulture, $"#{Red:x2}{Green:x2}{Blue:x2}");
    }

    /// <summary>What was done to one transparent picture, after "it".</summary>
    internal string Deed(bool several = false)
    {
        var was = several ? "were" : "was";
        return DropsAlpha ? $"{was} read without it, in the colours as stored" : $"{was} composited on {this}";
    }

    private static bool TryParseHex(string digits, out int number) =>
        int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
}
