namespace DasAudit.Core.Datasets.Licenses;

/// <summary>Reads licence expressions by the grammar of SPDX 3.0, annex B.</summary>
/// <remarks>
/// WITH binds more than AND, and AND more than OR. Operators are all upper or all lower case; the case of identifiers
/// does not matter, that of <c>LicenseRef-</c>, <c>DocumentRef-</c> and <c>AdditionRef-</c> does.
/// </remarks>
internal sealed class LicenseParser
{
    /// <summary>Longest text that is read, in characters.</summary>
    public const int LongestText = 4096;

    private const int DeepestNesting = 32;
    private const string Document = "DocumentRef-";

    private readonly string _text;
    private int _position;
    private int _depth;

    private LicenseParser(string text) => _text = text;

    /// <summary>Reads a whole text.</summary>
    /// <exception cref="LicenseSyntaxException">It is no expression.</exception>
    public static LicenseExpression Parse(string text)
    {
        if (text.Length > LongestText)
            throw new LicenseSyntaxException(LongestText + 1, $"an expression has at most {LongestText} characters");
        var parser = new LicenseParser(text);
        var expression = parser.Choice();
        if (parser._position < text.Length)
            throw parser.Wrong(text[parser._position] == ')' ? "nothing opens this ')'" : "AND, OR or WITH is missing");
        return expression;
    }

    private LicenseExpression Choice() => Joined(isChoice: true, Conjunction);

    private LicenseExpression Conjunction() => Joined(isChoice: false, Simple);

    private LicenseExpression Joined(bool isChoice, Func<LicenseExpression> readPart)
    {
        var parts = new List<LicenseExpression> { readPart() };
        while (TakeOperator(isChoice ? "OR" : "AND", isChoice ? "or" : "and"))
            parts.Add(readPart());
        return parts.Count == 1 ? parts[0] : new LicenseJoint(isChoice, parts);
    }

    private LicenseExpression Simple()
    {
        SkipSpace();
        if (_position < _text.Length && _text[_position] == '(')
            return Enclosed();
        var start = _position;
        var word = Word();
        if (word.Length == 0)
            throw Wrong("a licence is missing");
        if (IsOperator(word))
            throw new LicenseSyntaxException(start + 1, $"a licence is missing before '{word}'");
        var id = License(word, start, out var isKnown);
        var orLater = !IsReference(word, "LicenseRef-") && Take('+');
        SkipSpace();
        if (!TakeOperator("WITH", "with"))
            return new LicenseTerm(id, isKnown, orLater);
        SkipSpace();
        var exceptionStart = _position;
        var exception = Addition(Word(), exceptionStart, out var isExceptionKnown);
        SkipSpace();
        return new LicenseTerm(id, isKnown, orLater, exception, isExceptionKnown);
    }

    private LicenseExpression Enclosed()
    {
        if (++_depth > DeepestNesting)
            throw Wrong($"brackets are nested more than {DeepestNesting} deep");
        var opening = _position++;
        var inner = Choice();
        SkipSpace();
        if (!Take(')'))
            throw _position < _text.Length
                ? Wrong("AND, OR or WITH is missing")
                : new LicenseSyntaxException(opening + 1, "nothing closes this '('");
        _depth--;
        SkipSpace();
        return inner;
    }

    private static string License(string word, int start, out bool isKnown)
    {
        isKnown = IsReference(word, "LicenseRef-");
        if (isKnown)
            return word;
        RefuseColon(word, start);
        isKnown = SpdxList.Licenses.TryGetValue(word, out var listed);
        return listed ?? word;
    }

    private static string Addition(string word, int start, out bool isKnown)
    {
        if (word.Length == 0 || IsOperator(word))
            throw new LicenseSyntaxException(start + 1, "an exception is missing");
        isKnown = IsReference(word, "AdditionRef-");
        if (isKnown)
            return word;
        RefuseColon(word, start);
        isKnown = SpdxList.Exceptions.TryGetValue(word, out var listed);
        return listed ?? word;
    }

    private static void RefuseColon(string word, int start)
    {
        if (word.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon)
            throw new LicenseSyntaxException(start + colon + 1, "':' stands only after 'DocumentRef-…'");
    }

    // A reference within this document or another one.
    private static bool IsReference(string word, string prefix)
    {
        if (word.StartsWith(Document, StringComparison.Ordinal))
        {
            var colon = word.IndexOf(':', StringComparison.Ordinal);
            if (colon <= Document.Length)
                return false;
            word = word[(colon + 1)..];
        }

        return word.Length > prefix.Length
            && word.StartsWith(prefix, StringComparison.Ordinal)
            && !word.Contains(':', StringComparison.Ordinal);
    }

    private bool TakeOperator(string upper, string lower)
    {
        SkipSpace();
        var start = _position;
        var word = Word();
        if (word == upper || word == lower)
            return true;
        _position = start;
        return false;
    }

    private static bool IsOperator(string word) => word is "AND" or "OR" or "WITH" or "and" or "or" or "with";

    private string Word()
    {
        var start = _position;
        while (
            _position < _text.Length
            && (char.IsAsciiLetterOrDigit(_text[_position]) || _text[_position] is '-' or '.' or ':')
        )
            _position++;
        return _text[start.._position];
    }

    private bool Take(char character)
    {
        if (_position == _text.Length || _text[_position] != character)
            return false;
        _position++;
        return true;
    }

    private void SkipSpace()
    {
        while (_position < _text.Length && _text[_position] is ' ' or '\t' or '\r' or '\n')
            _position++;
    }

    private LicenseSyntaxException Wrong(string problem)
    {
        var isStray =
            _position < _text.Length
            && !char.IsAsciiLetterOrDigit(_text[_position])
            && !"()+-.:".Contains(_text[_position]);
        return new(_position + 1, isStray ? $"'{_text[_position]}' has no meaning here" : problem);
    }
}
