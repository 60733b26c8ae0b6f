# SPDX-License-Identifier: MIT
"""A believable home office: host name -> [(instance, service)], with the TXT of real devices."""

PRINTER = 'HP LaserJet Pro M404dn [3D2A17]'
PRINTER_TXT = [
    'txtvers=1', 'qtotal=1', 'rp=ipp/print', 'ty=HP LaserJet Pro M404dn',
    'adminurl=http://laserjet.local/hp/device/info_config_AirPrint.html', 'note=Study',
    'priority=10', 'product=(HP LaserJet Pro M404dn)',
    'pdl=application/vnd.hp-PCL,application/vnd.hp-PCLXL,application/postscript,application/pdf,'
    'image/jpeg,application/PCLm,image/urf,image/pwg-raster',
    'UUID=564e4333-4e36-3434-3335-bce92f3d2a17', 'Color=F', 'Duplex=T', 'Copies=T', 'Collate=F',
    'PaperMax=legal-A4', 'kind=document,envelope', 'usb_MFG=HP', 'usb_MDL=LaserJet Pro M404dn',
    'usb_CMD=PCLm,PCL,PJL,POSTSCRIPT,PDF',
    'URF=V1.4,CP99,W8,OB10,PQ3-4-5,DM1,IS1-4-5,MT1-2-3-5,RS600', 'TLS=1.2',
    'mopria-certified=1.3']
RAW_TXT = ['txtvers=1', 'qtotal=1', 'ty=HP LaserJet Pro M404dn', 'note=Study', 'priority=40',
           'product=(HP LaserJet Pro M404dn)', 'pdl=application/vnd.hp-PCL,application/postscript',
           'usb_MFG=HP', 'usb_MDL=LaserJet Pro M404dn']
CAST_TXT = [
    'id=8f5b1c0de3a94c6a9b0d7e21f4c3a658', 'cd=0C2F7B9A4D1E48C6B35A90E7D8F1426B', 'rm=', 've=05',
    'md=Chromecast', 'ic=/setup/icon.png', 'fn=Living Room TV', 'ca=463365', 'st=0',
    'bs=FA8FCA7D21B4', 'nf=1', 'rs=']
AIRPLAY_TXT = [
    'acl=0', 'deviceid=44:5C:E9:10:7B:31', 'features=0x7F8AD0,0x38BCB46', 'rsf=0x3',
    'fv=p20.T-PTMFRU-1180', 'flags=0x244', 'model=QE55Q80', 'manufacturer=Samsung',
    'serialNumber=0C3T3HDN700241', 'protovers=1.1', 'srcvers=377.25.06',
    'pi=2e388006-13ba-4041-9a67-25dd4a43d536', 'psi=00000000-0000-0000-0000-445CE9107B31', 'gcgl=0',
    'pk=6f1c9e0d4b7a2853c1e6f09d8b3a7452e9d0c7b6a5948372615f4e3d2c1b0a99']

HOSTS = {
    'laserjet': [
        (PRINTER, {'type': '_ipp._tcp', 'port': 631, 'subtypes': ['_universal._sub._ipp._tcp'],
                   'txt': PRINTER_TXT}),
        (PRINTER, {'type': '_pdl-datastream._tcp', 'port': 9100, 'txt': RAW_TXT}),
        (PRINTER, {'type': '_http._tcp', 'port': 80}),
    ],
    'vault': [
        ('vault', {'type': '_smb._tcp', 'port': 445}),
        ('vault', {'type': '_sftp-ssh._tcp', 'port': 22}),
        ('vault', {'type': '_http._tcp', 'port': 5000, 'txt': ['path=/']}),
        ('vault', {'type': '_adisk._tcp', 'port': 9,
                   'txt': ['sys=waMa=0,adVF=0x100', 'dk0=adVN=TimeMachine,adVF=0x82']}),
        ('vault', {'type': '_device-info._tcp', 'port': 0, 'txt': ['model=TimeCapsule8,119']}),
    ],
    'livingroom-tv': [
        ('Chromecast-8f5b1c0de3a94c6a9b0d7e21f4c3a658',
         {'type': '_googlecast._tcp', 'port': 8009, 'txt': CAST_TXT}),
        ('Living Room TV', {'type': '_airplay._tcp', 'port': 7000, 'txt': AIRPLAY_TXT}),
        # Nobody has registered this one.
        ('Living Room TV', {'type': '_livingcast._tcp', 'port': 7236,
                            'txt': ['txtvers=1', 'room=Living Room']}),
    ],
}

# And one is broken: its name is too long, a key comes twice, a string has no key.
BROKEN_HOST = 'livingroom-tv'
BROKEN = ('Living Room TV', {'type': '_livingroom-media-sync._tcp', 'port': 8765,
                             'txt': ['version=3', 'codec=h264', 'Version=2', '=enabled']})
