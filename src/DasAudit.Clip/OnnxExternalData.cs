using System.Text;

namespace DasAudit.Clip;

/// <summary>
/// Finds the files outside an ONNX model that its tensors refer to, wherever they stand: initialisers, also sparse
/// ones, attributes, sub-graphs, functions, training graphs. It reads the protobuf structure and skips the weights.
/// </summary>
internal sealed class OnnxExternalData
{
    private const int DeepestNesting = 100;

    // Numbers of fields in onnx-ml.proto.
    private const int EntryKey = 1;
    private const int EntryValue = 2;
    private const int TensorDataLocation = 14;
    private const int External = 1;

    private static readonly Dictionary<(OnnxMessage, int Field), OnnxMessage> Children = new()
    {
        [(OnnxMessage.Model, 7)] = OnnxMessage.Graph,
        [(OnnxMessage.Model, 20)] = OnnxMessage.TrainingInfo,
        [(OnnxMessage.Model, 25)] = OnnxMessage.Function,
        [(OnnxMessage.TrainingInfo, 1)] = OnnxMessage.Graph,
        [(OnnxMessage.TrainingInfo, 2)] = OnnxMessage.Graph,
        [(OnnxMessage.Function, 7)] = OnnxMessage.Node,
        [(OnnxMessage.Function, 11)] = OnnxMessage.Attribute,
        [(OnnxMessage.Graph, 1)] = OnnxMessage.Node,
        [(OnnxMessage.Graph, 5)] = OnnxMessage.Tensor,
        [(OnnxMessage.Graph, 15)] = OnnxMessage.SparseTensor,
        [(OnnxMessage.Node, 5)] = OnnxMessage.Attribute,
        [(OnnxMessage.Attribute, 5)] = OnnxMessage.Tensor,
        [(OnnxMessage.Attribute, 6)] = OnnxMessage.Graph,
        [(OnnxMessage.Attribute, 10)] = OnnxMessage.Tensor,
        [(OnnxMessage.Attribute, 11)] = OnnxMessage.Graph,
        [(OnnxMessage.Attribute, 22)] = OnnxMessage.SparseTensor,
        [(OnnxMessage.Attribute, 23)] = OnnxMessage.SparseTensor,
        [(OnnxMessage.SparseTensor, 1)] = OnnxMessage.Tensor,
        [(OnnxMessage.SparseTensor, 2)] = OnnxMessage.Tensor,
        [(OnnxMessage.Tensor, 13)] = OnnxMessage.Entry,
    };

    private readonly Stream _stream;
    private readonly SortedSet<string> _locations = new(StringComparer.Ordinal);
    private string? _location;
    private bool _isExternal;

    private OnnxExternalData(Stream stream) => _stream = stream;

    /// <summary>Where the external data lie, as the model writes it, each once, in ordinal order.</summary>
    /// <exception cref="InvalidDataException">The file is no protobuf message.</exception>
    public static IReadOnlyCollection<string> LocationsIn(string model)
    {
        using var stream = File.OpenRead(model);
        var data = new OnnxExternalData(stream);
        data.Read(OnnxMessage.Model, stream.Length, depth: 0);
        return data._locations;
    }

    private void Read(OnnxMessage message, long end, int depth)
    {
        if (depth > DeepestNesting)
            throw new InvalidDataException("it nests too deeply");
        if (message == OnnxMessage.Tensor)
            (_location, _isExternal) = (null, false);
        if (message == OnnxMessage.Entry)
        {
            ReadEntry(end);
            return;
        }

        while (NextField(end) is (var field, var length))
        {
            var next = _stream.Position + length;
            if (Children.TryGetValue((message, field), out var child) && length > 0)
                Read(child, next, depth + 1);
            _stream.Position = next;
        }

        if (message == OnnxMessage.Tensor && _isExternal && _location is not null)
            _locations.Add(_location);
    }

    private void ReadEntry(long end)
    {
        var (key, value) = ("", "");
        while (NextField(end) is (var field, var length))
        {
            var next = _stream.Position + length;
            if (field == EntryKey)
                key = ReadText(length);
            else if (field == EntryValue)
                value = ReadText(length);
            _stream.Position = next;
        }

        if (key == "location")
            _location = value;
    }

    /// <summary>Number and length of the next field that has bytes; null at the end of the message.</summary>
    private (int Field, long Length)? NextField(long end)
    {
        while (_stream.Position < end)
        {
            var tag = ReadVarint();
            var field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    var number = ReadVarint();
                    // Of the messages that are read only the tensor has a field of this number that is a number.
                    if (field == TensorDataLocation)
                        _isExternal = number == External;
                    break;
                case 1:
                    _stream.Position += sizeof(double);
                    break;
                case 2:
                    var length = ReadVarint();
                    if (length > (ulong)(end - _stream.Position))
                        throw new InvalidDataException("it ends too early");
                    return (field, (long)length);
                case 5:
                    _stream.Position += sizeof(float);
                    break;
                default:
                    throw new InvalidDataException("it is no protobuf message");
            }
        }

        return _stream.Position == end ? null : throw new InvalidDataException("it ends too early");
    }

    private ulong ReadVarint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = _stream.ReadByte();
            if (part < 0)
                throw new InvalidDataException("it ends too early");
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }

        throw new InvalidDataException("it is no protobuf message");
    }

    private string ReadText(long length)
    {
        if (length > 1 << 16)
            throw new InvalidDataException("it names a file by more than 65536 bytes");
        var bytes = new byte[length];
        _stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
